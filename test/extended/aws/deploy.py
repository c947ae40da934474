"""Creates the parts of a synthesized template that run jobs in moto's server: bucket, topic, queues, job definitions,
state machine, schedule group, and image repositories with an image of the deployed commit.

    python deploy.py PORT TEMPLATE [without-images]

moto's CloudFormation cannot create these Batch and ECR resources. They are created through their own APIs from the
template's properties, with intrinsic functions resolved here. A stack with only the template's outputs represents the
deployment. IAM, network and compute environments are left out: nothing here checks permissions or starts an instance.
"""

import json
import re
import sys

import boto3

port, template_path, *options = sys.argv[1:]
REGION, ACCOUNT = "us-east-1", "123456789012"
PSEUDO = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com", "AWS::StackName": "Bakeoff"}
with open(template_path) as file:
    template = json.load(file)
resources = template["Resources"]


def client(service):
    return boto3.client(service, endpoint_url=f"http://127.0.0.1:{port}", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")


batch, s3, sns, sqs, sfn = (client(service) for service in ("batch", "s3", "sns", "sqs", "stepfunctions"))
made = {}


def of_type(name):
    return {logical_id: resource["Properties"] for logical_id, resource in resources.items() if resource["Type"] == name}


def resolve(value):
    """The intrinsic functions that the template uses; a resource not created here gets a name that says so."""
    if isinstance(value, list):
        return [resolve(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (name, argument), = value.items()
        if name == "Ref":
            return PSEUDO.get(argument) or made.get((argument, "Ref")) or f"not-made-{argument}"
        if name == "Fn::GetAtt":
            return made.get(tuple(argument)) or f"arn:aws:iam::{ACCOUNT}:role/not-made-{argument[0]}"
        if name == "Fn::Join":
            separator, parts = argument
            return separator.join(str(part) for part in resolve(parts))
        if name == "Fn::Select":
            index, parts = argument
            parts = resolve(parts)
            return parts[int(index)] if int(index) < len(parts) else "none"
        if name == "Fn::Split":
            return resolve(argument[1]).split(argument[0])
    return {key: resolve(each) for key, each in value.items()}


def lower(value, *, keep=("Parameters", "Options", "Tags")):
    """The API's spelling of CloudFormation's properties; maps whose keys are data stay unchanged."""
    if isinstance(value, list):
        return [lower(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {key[0].lower() + key[1:]: each if key in keep else lower(each) for key, each in value.items()}


for logical_id, properties in of_type("AWS::S3::Bucket").items():
    bucket = f"bakeoff-{logical_id.lower()}"
    s3.create_bucket(Bucket=bucket)
    made[(logical_id, "Ref")], made[(logical_id, "Arn")] = bucket, f"arn:aws:s3:::{bucket}"
    if "VersioningConfiguration" in properties:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=properties["VersioningConfiguration"])
    if "LoggingConfiguration" in properties:
        logging = resolve(properties["LoggingConfiguration"])
        # The template has a bucket policy for this; moto wants an access control list.
        s3.put_bucket_acl(Bucket=logging["DestinationBucketName"], ACL="log-delivery-write")
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": logging["DestinationBucketName"], "TargetPrefix": logging["LogFilePrefix"]}})

for logical_id in of_type("AWS::SNS::Topic"):
    made[(logical_id, "Ref")] = sns.create_topic(Name=logical_id)["TopicArn"]
    # Published messages can be read from this queue.
    queue = sqs.create_queue(QueueName="notifications")["QueueUrl"]
    sns.subscribe(TopicArn=made[(logical_id, "Ref")], Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:notifications")

tag = template["Outputs"]["ImageTag"]["Value"]
for logical_id in of_type("AWS::ECR::Repository"):
    name = logical_id.lower()
    made[(logical_id, "Ref")], made[(logical_id, "Arn")] = name, client("ecr").create_repository(repositoryName=name)["repository"]["repositoryArn"]
    if "without-images" not in options:
        client("ecr").put_image(repositoryName=name, imageTag=tag, imageManifestMediaType="application/vnd.docker.distribution.manifest.v2+json", imageManifest=json.dumps({"schemaVersion": 2, "config": {"digest": logical_id}, "layers": []}))

for logical_id in of_type("AWS::Logs::LogGroup"):
    made[(logical_id, "Ref")] = logical_id

role = client("iam").create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
environment = batch.create_compute_environment(computeEnvironmentName="none", type="UNMANAGED", state="ENABLED", serviceRole=role)
for logical_id in of_type("AWS::Batch::JobQueue"):
    queue = batch.create_job_queue(jobQueueName=logical_id, state="ENABLED", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment["computeEnvironmentArn"]}])
    made[(logical_id, "Ref")] = made[(logical_id, "JobQueueArn")] = queue["jobQueueArn"]

for logical_id, properties in of_type("AWS::Batch::JobDefinition").items():
    definition = lower(resolve(properties))
    made[(logical_id, "Ref")] = batch.register_job_definition(
        jobDefinitionName=logical_id, type="container", parameters=definition["parameters"], containerProperties=definition["containerProperties"],
        retryStrategy=definition["retryStrategy"], timeout=definition["timeout"],
    )["jobDefinitionArn"]

for logical_id, properties in of_type("AWS::Scheduler::ScheduleGroup").items():
    made[(logical_id, "Ref")] = client("scheduler").create_schedule_group(Name=properties["Name"]) and properties["Name"]

for logical_id, properties in of_type("AWS::StepFunctions::StateMachine").items():
    # moto's grammar accepts only percentages with a decimal point.
    definition = resolve(properties["DefinitionString"]).replace('"ToleratedFailurePercentage":100', '"ToleratedFailurePercentage":100.0')
    role_arn = f"arn:aws:iam::{ACCOUNT}:role/pipeline"
    made[(logical_id, "Ref")] = sfn.create_state_machine(name=properties["StateMachineName"], definition=definition, roleArn=role_arn)["stateMachineArn"]
    # The same, with 20 seconds for trainings instead of the days that ten attempts may take.
    impatient = re.sub(r'"TimeoutSeconds":950400', '"TimeoutSeconds":20', definition)
    sfn.create_state_machine(name="impatient", definition=impatient, roleArn=role_arn)

outputs = {name: {"Value": resolve(output["Value"])} for name, output in template["Outputs"].items()}
client("cloudformation").create_stack(StackName="Bakeoff", TemplateBody=json.dumps({"Resources": {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}, "Outputs": outputs}))
print(json.dumps({name: output["Value"] for name, output in outputs.items()}))
