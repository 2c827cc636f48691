// finds: jenkins-interpolated-credential
// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Push') {
            when { buildingTag() }
            environment {
                REGISTRY = credentials('registry-push')
            }
            steps {
                sh "docker login -u ${REGISTRY_USR} -p ${REGISTRY_PSW} images.acme.example"
            }
        }
    }
}
